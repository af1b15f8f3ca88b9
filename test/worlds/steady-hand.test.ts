import { steadyHand } from "../../src/worlds/steady-hand.ts";
import { conforms } from "../conformance/world.ts";

conforms(steadyHand);
