/** What every page needs; a page that needs more names it in its block "modules". */
import "./submit-once.js"
