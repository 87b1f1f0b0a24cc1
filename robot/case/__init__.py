"""A customer's whole offboarding: survey, plan, approval, apply, verification. Must not know of pages."""
