import { sameAgain } from "../../src/worlds/same-again.ts";
import { conforms } from "../conformance/world.ts";

conforms(sameAgain);
