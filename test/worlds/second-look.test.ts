import { secondLook } from "../../src/worlds/second-look.ts";
import { conforms } from "../conformance/world.ts";

conforms(secondLook);
