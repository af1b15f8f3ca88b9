import { joinedParts } from "../../src/worlds/joined-parts.ts";
import { conforms } from "../conformance/world.ts";

conforms(joinedParts);
