import { newRoute } from "../../src/worlds/new-route.ts";
import { conforms } from "../conformance/world.ts";

conforms(newRoute);
