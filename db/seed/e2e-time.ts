/** A tenant whose clock a journey moves (KAQING_TEST_CLOCK), so that no other journey sees it; publishing takes two. */
export const TIME_SLUG = "e2e-time";
