using CallTracker.Calls.Model;

namespace CallTracker.Benchmarks.Kit;

/// <summary>The facts of an ordinary answered call.</summary>
internal static class Facts
{
    private const long DinUnixMs = 1_767_225_600_000;

    public static void Fill(CallFacts facts, uint number)
    {
        facts.Reset();
        "T00000000000000000000000"u8.CopyTo(facts.TrnId);
        for (var i = facts.TrnId.Length - 1; number > 0; i--, number /= 10)
            facts.TrnId[i] = (byte)('0' + (number % 10));
        facts.Called = Called;
        facts.Caller = Caller;
        facts.Route = KnownRoute;
        facts.DinUnixMs = DinUnixMs;
        facts.FwdUnixMs = DinUnixMs + 20;
        facts.TryAddAttempt(Target, null);
    }

    public static void Answer(CallFacts facts) => facts.TstUnixMs = DinUnixMs + 3000;

    public static void End(CallFacts facts)
    {
        facts.EocUnixMs = DinUnixMs + 63_000;
        facts.Outcome = CallOutcome.Answered;
        facts.EndedBy = CallParty.Caller;
        facts.Reason = EndReason.Bye;
        facts.SipCode = 200;
        facts.Attempts[0].SipCode = 200;
    }

    private static PhoneNumber Called { get; } = Routes.Number(120_000_001);
    private static PhoneNumber Caller { get; } = Routes.Number(311_112_222);
    private static PhoneNumber Target { get; } = Routes.Number(312_345_678);
    private static CallTracker.Calls.Routing.Route KnownRoute { get; } = Routes.Make(120_000_001);

}
