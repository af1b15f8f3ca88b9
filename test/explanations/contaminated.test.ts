import { contaminated } from "../../src/explanations/contaminated.ts";
import { judgedUnseen } from "../support/rivals.ts";

judgedUnseen(contaminated);
