import { recovery } from "../../src/explanations/recovery.ts";
import { judgedUnseen } from "../support/rivals.ts";

judgedUnseen(recovery);
