import { mixed } from "../../src/worlds/mixed.ts";
import { conforms } from "../conformance/world.ts";

conforms(mixed);
