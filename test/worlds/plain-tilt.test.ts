import { plainTilt } from "../../src/worlds/plain-tilt.ts";
import { conforms } from "../conformance/world.ts";

conforms(plainTilt);
