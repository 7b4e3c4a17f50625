import * as calendar from "@/server/domain/calendar";
import { addYearInput, removeDayInput, saveDayInput, yearInput } from "@/server/domain/calendar/edit-schemas";
import { procedure, router } from "../init";

export const calendarRouter = router({
  years: procedure.query(({ ctx }) => calendar.listYears(ctx)),
  year: procedure.input(yearInput).query(({ ctx, input }) => calendar.getYear(ctx, input.year)),
  addYear: procedure.input(addYearInput).mutation(({ ctx, input }) => calendar.addYear(ctx, input)),
  saveDay: procedure.input(saveDayInput).mutation(({ ctx, input }) => calendar.saveDay(ctx, input)),
  removeDay: procedure.input(removeDayInput).mutation(({ ctx, input }) => calendar.removeDay(ctx, input)),
});
