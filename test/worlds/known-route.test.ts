import { knownRoute } from "../../src/worlds/known-route.ts";
import { conforms } from "../conformance/world.ts";

conforms(knownRoute);
