import { neatAnswer } from "../../src/worlds/neat-answer.ts";
import { conforms } from "../conformance/world.ts";

conforms(neatAnswer);
