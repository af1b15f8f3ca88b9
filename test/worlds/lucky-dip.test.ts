import { luckyDip } from "../../src/worlds/lucky-dip.ts";
import { conforms } from "../conformance/world.ts";

conforms(luckyDip);
