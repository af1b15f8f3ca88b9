import { luckyGuess } from "../../src/explanations/lucky-guess.ts";
import { judgedUnseen } from "../support/rivals.ts";

judgedUnseen(luckyGuess);
