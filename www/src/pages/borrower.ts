/** The borrower's page. `?policy=` names the policy, `?lang=` the language. */
import { AppElement } from "../components/app.js";
import { chooseLang } from "../texts/index.js";
import { followSystem } from "../theme.js";
import "../styles/page.css";

followSystem();
const query = new URLSearchParams(location.search);
const app = new AppElement();
app.lang = chooseLang([query.get("lang"), ...navigator.languages]);
app.policy = query.get("policy") ?? undefined;
document.body.append(app);
