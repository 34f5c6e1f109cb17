/** Every page's way in: it only names the elements that pages may hold. */
import "./card-form.js"
import "./count-down.js"
import "./order-watch.js"
import "./submit-once.js"
