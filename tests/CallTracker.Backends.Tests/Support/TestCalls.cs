using System.Text;
using CallTracker.Backends.Routes;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.Routes;
using CallTracker.Core.Net;

namespace CallTracker.Backends.Tests.Support;

/// <summary>Calls as workers hand them to the journal.</summary>
internal static class TestCalls
{
    public static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public static Route Route { get; } = RouteMapper.TryMap(new RouteRecord
    {
        Version = 77,
        DinId = "0120123456",
        OperatorId = "op1",
        ClientId = "c1",
        ClientName = "株式会社広告主",
        DialinId = "d1",
        DialinName = "本店",
        Destinations = [new RouteDestination("0312345678", 20)],
    })!;

    public static Trunk Trunk { get; } = new()
    {
        Id = "trunk1",
        OperatorId = "op1",
        Address = IpEndpoint.FromIpv4(0x7f000001, 5060),
        Prefixes = [default],
        InboundFrom = [],
    };

    public static CallerCipher Cipher() => new(Key);

    public static string IdOf(int number) => $"T{number:D23}";

    public static CallFacts Started(int number, long dinMs = 1_795_000_000_000)
    {
        var facts = new CallFacts();
        Fill(facts, number, dinMs);
        return facts;
    }

    public static void Fill(CallFacts facts, int number, long dinMs)
    {
        Encoding.ASCII.GetBytes(IdOf(number), facts.TrnId);
        facts.Called = Route.Number;
        facts.Caller = Number("09012345678");
        facts.Route = Route;
        facts.InboundTrunk = Trunk;
        facts.DinUnixMs = dinMs;
    }

    public static CallFacts Answer(this CallFacts facts, int afterMs = 3_000)
    {
        facts.TryAddAttempt(Number("0312345678"), Trunk);
        facts.Attempts[0].SipCode = 200;
        facts.Attempts[0].RingMs = (uint)afterMs;
        facts.FwdUnixMs = facts.DinUnixMs + 100;
        facts.TstUnixMs = facts.DinUnixMs + afterMs;
        facts.Outcome = CallOutcome.Answered;
        return facts;
    }

    public static CallFacts End(this CallFacts facts, long eocMs)
    {
        facts.EocUnixMs = eocMs;
        facts.EndedBy = CallParty.Caller;
        facts.Reason = facts.TstUnixMs == 0 ? EndReason.Cancel : EndReason.Bye;
        facts.SipCode = facts.TstUnixMs == 0 ? (ushort)487 : (ushort)200;
        if (facts.TstUnixMs == 0) facts.Outcome = CallOutcome.CallerGaveUp;
        return facts;
    }

    public static PhoneNumber Number(string digits) =>
        PhoneNumber.TryPack(Encoding.ASCII.GetBytes(digits), out var number) ? number : default;
}
