import { composition } from "../../src/explanations/composition.ts";
import { judgedUnseen } from "../support/rivals.ts";

judgedUnseen(composition);
