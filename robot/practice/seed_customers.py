"""Who the sample customers are: one row each, with how many of everything they have.

Names are chosen to be confused with each other; see `docs/practice.md`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

DEMO_LOCATION_ID = "hK3vQ9mTz7LpX2cRb8Nd"
AGENCY_LOCATION_ID = "wR5tYp2QeL8sKd4VnJ6x"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A sub-account to be made. Counts are what the sub-account holds at the start."""

    key: str  #: unique, ASCII; also the domain name without `.example`
    name: str
    city: str
    state: str
    area: str  #: telephone area code, three digits
    first: str
    last: str
    saas: bool = True
    emails: int = 1
    domains: int = 1
    calendars: int = 2  #: outside any group
    grouped: int = 0  #: calendars in one group more
    inactive: int = 0  #: how many of `calendars` are Inactive already
    numbers: int = 1
    brands: int = 1
    campaigns: int = 1
    users: int = 1
    contacts: int = 3
    snapshots: int = 0
    academy: int = 1  #: contacts in the agency's own sub-account that carry the academy tag
    #: email-in-use, domain-internal, domain-action, whatsapp, pool, twilio, saas-fails, saas-failed-plan,
    #: asset-fails, asset-fails-once, owner-here, operator-here, shared-user, paused, brand-failed
    quirks: frozenset[str] = frozenset()
    location_id: str | None = None


def _q(*words: str) -> frozenset[str]:
    return frozenset(words)


_COMPOSED = unicodedata.normalize("NFC", "Café Crème Catering")
_DECOMPOSED = unicodedata.normalize("NFD", "Café Crème Catering")

DEMO = Customer(
    key="adriannes-housekeeping",
    name="Adrianne's Housekeeping",
    city="Austin",
    state="TX",
    area="512",
    first="Adrianne",
    last="White",
    emails=2,
    domains=2,
    calendars=3,
    grouped=2,
    inactive=1,
    numbers=3,
    brands=1,
    campaigns=2,
    users=3,
    contacts=12,
    snapshots=1,
    academy=1,
    quirks=_q("shared-user"),
    location_id=DEMO_LOCATION_ID,
)

AGENCY_OWN = Customer(
    key="wootrecruit",
    name="Woot Recruit",
    city="Denver",
    state="CO",
    area="720",
    first="Morgan",
    last="Ellery",
    saas=False,
    emails=1,
    domains=1,
    calendars=2,
    numbers=1,
    contacts=0,
    academy=0,
    quirks=_q("owner-here", "operator-here"),
    location_id=AGENCY_LOCATION_ID,
)

CUSTOMERS: tuple[Customer, ...] = (
    AGENCY_OWN,
    DEMO,
    # The demo customer's own look-alikes: the name as a prefix, and the words in another order.
    Customer(
        key="adriannes-plus", name="Adrianne's Housekeeping Plus", city="Austin", state="TX", area="737",
        first="Adrianne", last="Whitley", emails=1, domains=1, numbers=2, users=2, snapshots=1,
    ),
    Customer(
        key="housekeeping-adriannes", name="Housekeeping Adrianne's", city="Waco", state="TX", area="254",
        first="Adriana", last="White", numbers=1, snapshots=1,
    ),
    # The same name twice, in two towns.
    Customer(
        key="sunrise-cleaning", name="Sunrise Cleaning Co.", city="Tampa", state="FL", area="813",
        first="Marisol", last="Vega", emails=1, domains=2, numbers=2, users=2, snapshots=1, academy=2,
    ),
    Customer(
        key="sunrise-cleaning-mesa", name="Sunrise Cleaning Co.", city="Mesa", state="AZ", area="480",
        first="Peter", last="Osei", emails=1, domains=1, numbers=1, snapshots=1,
    ),
    # Straight and curly apostrophe.
    Customer(
        key="murphys-maids", name="Murphy's Maids", city="Boston", state="MA", area="617",
        first="Niamh", last="Murphy", emails=1, numbers=1, snapshots=1,
    ),
    Customer(
        key="murphys-maids-ri", name="Murphy\u2019s Maids", city="Providence", state="RI", area="401",
        first="Sean", last="Murphy", emails=2, numbers=1, saas=False,
    ),
    # Same words in another order; one a prefix of another.
    Customer(
        key="fresh-home-services", name="Fresh Home Services", city="Dallas", state="TX", area="214",
        first="Kim", last="Tran", domains=0, emails=0, numbers=2, users=2,
    ),
    Customer(
        key="home-fresh-services", name="Home Fresh Services", city="Plano", state="TX", area="972",
        first="Lee", last="Nguyen", domains=1, numbers=0, brands=0, campaigns=0,
    ),
    Customer(
        key="fresh-home", name="Fresh Home", city="Irving", state="TX", area="469",
        first="Ada", last="Bloom", saas=False, calendars=0, users=0, academy=0,
    ),
    # An accented pair: composed and decomposed.
    Customer(
        key="cafe-creme", name=_COMPOSED, city="New Orleans", state="LA", area="504",
        first="Ren\u00e9e", last="Thibodeaux", emails=1, domains=1, numbers=1, snapshots=1,
    ),
    Customer(
        key="cafe-creme-br", name=_DECOMPOSED, city="Baton Rouge", state="LA", area="225",
        first="Andre\u0301", last="Landry", numbers=1, saas=False,
    ),
    # Other scripts.
    Customer(
        key="chistyi-dom", name="Чистый Дом", city="Brooklyn", state="NY", area="347",
        first="Ольга", last="Соколова", emails=1, domains=1, numbers=1, snapshots=1,
    ),
    Customer(
        key="mingyang", name="明洋清洁服务", city="San Francisco", state="CA", area="415",
        first="伟", last="陈", numbers=2, users=2, domains=1, snapshots=1,
    ),
    Customer(
        key="bayt-nazif", name="بيت نظيف للخدمات", city="Dearborn", state="MI", area="313",
        first="ليلى", last="حداد", numbers=1, emails=1, snapshots=1,
    ),
    Customer(
        key="katharo-spiti", name="Καθαρό Σπίτι", city="Astoria", state="NY", area="718",
        first="Ελένη", last="Παππά", numbers=1, domains=0, saas=False,
    ),
    # Markup characters.
    Customer(
        key="bold-br", name='<b>Bold & "Bright"</b> Windows', city="Chicago", state="IL", area="312",
        first="Tess", last="O'Hara", numbers=1, emails=1, domains=1, snapshots=1,
    ),
    Customer(
        key="scrub-script", name="Scrub <script>alert(1)</script> & Sons", city="Peoria", state="IL",
        area="309", first="Gus", last="<i>Lind</i>", numbers=1,
    ),
    Customer(
        key="percent-soap", name="100% Soap; ${name} {{company}}", city="Omaha", state="NE", area="402",
        first="Iris", last="Novak", numbers=1, emails=0,
    ),
    # Cases that must stop a careful hand.
    Customer(
        key="harbor-lawn", name="Harbor Lawn & Garden", city="Seattle", state="WA", area="206",
        first="Jonas", last="Berg", emails=2, numbers=2, quirks=_q("email-in-use"), snapshots=1,
    ),
    Customer(
        key="northside-plumbing", name="Northside Plumbing", city="Minneapolis", state="MN", area="612",
        first="Carl", last="Nystrom", domains=2, quirks=_q("domain-internal"), snapshots=1,
    ),
    Customer(
        key="bluebird-florist", name="Bluebird Florist", city="Nashville", state="TN", area="615",
        first="Hattie", last="Boone", numbers=3, quirks=_q("whatsapp"), snapshots=1,
    ),
    Customer(
        key="apex-roofing", name="Apex Roofing Group", city="Phoenix", state="AZ", area="602",
        first="Dean", last="Castillo", numbers=6, quirks=_q("pool"), users=4, campaigns=3, brands=2,
        calendars=14, contacts=20, emails=3, domains=4, snapshots=2,
    ),
    Customer(
        key="riverstone-dental", name="Riverstone Dental", city="Portland", state="OR", area="503",
        first="Anika", last="Shah", numbers=2, quirks=_q("twilio"), snapshots=1,
    ),
    Customer(
        key="lakeview-hvac", name="Lakeview HVAC", city="Madison", state="WI", area="608",
        first="Otto", last="Klein", numbers=1, quirks=_q("saas-fails"), snapshots=1,
    ),
    Customer(
        key="prairie-pest", name="Prairie Pest Control", city="Topeka", state="KS", area="785",
        first="June", last="Hollis", numbers=1, quirks=_q("asset-fails"), snapshots=1,
    ),
    Customer(
        key="coastal-pools", name="Coastal Pools", city="San Diego", state="CA", area="619",
        first="Rafael", last="Ortiz", numbers=1, quirks=_q("asset-fails-once"), snapshots=1,
    ),
    Customer(
        key="granite-movers", name="Granite State Movers", city="Concord", state="NH", area="603",
        first="Walt", last="Frost", users=3, quirks=_q("owner-here"), snapshots=1,
    ),
    Customer(
        key="beacon-tutoring", name="Beacon Tutoring", city="Hartford", state="CT", area="860",
        first="Imani", last="Reed", users=2, quirks=_q("operator-here", "shared-user"), snapshots=1,
    ),
    Customer(
        key="maple-daycare", name="Maple Street Daycare", city="Burlington", state="VT", area="802",
        first="Colette", last="Roy", domains=1, quirks=_q("domain-action"), saas=False,
    ),
    Customer(
        key="tidewater-auto", name="Tidewater Auto Detail", city="Norfolk", state="VA", area="757",
        first="Reggie", last="Shaw", quirks=_q("brand-failed"), campaigns=0, snapshots=1,
    ),
    Customer(
        key="summit-fitness", name="Summit Fitness Studio", city="Boulder", state="CO", area="303",
        first="Kira", last="Lund", quirks=_q("paused"), numbers=1,
    ),
    # Nothing is left of this one: every step of an offboarding finds its work done.
    Customer(
        key="quiet-corner", name="Quiet Corner Yoga", city="Santa Fe", state="NM", area="505",
        first="Esther", last="Lowe", saas=False, emails=0, domains=0, calendars=2, inactive=2, numbers=0,
        brands=0, campaigns=0, users=0, contacts=0, academy=0, snapshots=1,
    ),
    Customer(
        key="brookline-salon", name="Brookline Salon", city="Brookline", state="MA", area="857",
        first="Vera", last="Katz", emails=0, domains=1, numbers=1, campaigns=1, snapshots=1,
    ),
    Customer(
        key="twin-oaks-vet", name="Twin Oaks Veterinary", city="Boise", state="ID", area="208",
        first="Hank", last="Abbott", emails=1, domains=0, numbers=1, academy=2,
    ),
    Customer(
        key="zephyr-solar", name="Zephyr Solar", city="Reno", state="NV", area="775",
        first="Noor", last="Aziz", emails=1, domains=1, calendars=1, grouped=3, numbers=1, snapshots=1,
    ),
)  # fmt: skip
