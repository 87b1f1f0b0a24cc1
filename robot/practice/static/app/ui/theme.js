// Naive UI's look, set to the palette of facts 1.4, or to the white label's own (setting `colours`).
import { state } from "../state.js";

const OWN = {
  primaryColor: "#7A2E8E",
  primaryColorHover: "#5F1F70",
  primaryColorPressed: "#4A1558",
  primaryColorSuppl: "#7A2E8E",
  textColorBase: "#2B1B17",
  textColor1: "#2B1B17",
  borderRadius: "18px",
  heightMedium: "42px",
};

const USUAL = {
  common: {
    fontFamily: "Inter, system-ui, sans-serif",
    fontSize: "14px",
    primaryColor: "#155EEF",
    primaryColorHover: "#004EEB",
    primaryColorPressed: "#00359E",
    primaryColorSuppl: "#155EEF",
    errorColor: "#D92D20",
    errorColorHover: "#B42318",
    errorColorPressed: "#912018",
    errorColorSuppl: "#F04438",
    successColor: "#12B76A",
    warningColor: "#F79009",
    infoColor: "#155EEF",
    textColorBase: "#101828",
    textColor1: "#101828",
    textColor2: "#344054",
    textColor3: "#475467",
    placeholderColor: "#98A2B3",
    borderColor: "#D0D5DD",
    dividerColor: "#EAECF0",
    borderRadius: "6px",
    heightMedium: "36px",
  },
  DataTable: {
    thColor: "#F9FAFB",
    thTextColor: "#475467",
    thFontWeight: "500",
    tdColorHover: "#F9FAFB",
    borderColor: "#EAECF0",
    fontSizeMedium: "14px",
    thPaddingMedium: "10px 16px",
    tdPaddingMedium: "12px 16px",
  },
  Card: { borderRadius: "12px", titleFontSizeMedium: "18px", titleFontWeight: "600" },
  Tabs: { tabFontSizeMedium: "14px", tabFontWeightActive: "600", tabGapMediumLine: "28px" },
  Button: { fontWeight: "500" },
  Dropdown: { optionHeightMedium: "36px" },
  Notification: { padding: "16px", width: "380px", titleFontSize: "14px" },
};

const isOwn = () => state.settings.colours === "own";
export const theme = Vue.computed(() => (isOwn() ? { ...USUAL, common: { ...USUAL.common, ...OWN } } : USUAL));
Vue.watchEffect(() => document.body.classList.toggle("own-colours", isOwn()));
Vue.watchEffect(() => document.body.classList.toggle("own-capitals", Boolean(state.settings.capitals)));
