import { coldSampler } from "../../src/worlds/cold-sampler.ts";
import { conforms } from "../conformance/world.ts";

conforms(coldSampler);
