import { earlyStop } from "../../src/worlds/early-stop.ts";
import { conforms } from "../conformance/world.ts";

conforms(earlyStop);
