using System.Net;
using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Core.Net;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Routing;

/// <summary>Which trunk takes a destination, and which admits a source.</summary>
public sealed class TrunkTableTests
{
    [Fact]
    public void Trunks_OfAnOperator_AreItsOwnInTheirOrder()
    {
        var table = new TrunkTable(
            [Make("a", "op", [""], 1), Make("b", "op2", [""], 1), Make("c", "op", [""], 1)]);
        table.OfOperator("op").ToArray().Select(t => t.Id).ShouldBe(["a", "c"]);
        table.OfOperator("nobody").Length.ShouldBe(0);
        table.All.Length.ShouldBe(3);
    }

    [Fact]
    public void Inbound_SeveralRules_MostExactWinsThenOperator()
    {
        var table = new TrunkTable(
        [
            Make("net", "op1", [], 1, Rule("127.0.0.0", 0, 104)),
            Make("host", "op1", [], 1, Rule("127.0.0.1", 0, 128)),
            Make("port", "op1", [], 1, Rule("127.0.0.1", 5071, 128)),
            Make("host2", "op2", [], 1, Rule("127.0.0.1", 0, 128)),
        ]);
        table.FindInbound(At("127.0.0.1", 5071), "op2")!.Id.ShouldBe("port");
        table.FindInbound(At("127.0.0.1", 5072), "op2")!.Id.ShouldBe("host2");
        table.FindInbound(At("127.0.0.1", 5072), "op1")!.Id.ShouldBe("host");
        table.FindInbound(At("127.9.9.9", 1), null)!.Id.ShouldBe("net");
        table.FindInbound(At("128.0.0.1", 1), null).ShouldBeNull();
    }

    [Fact]
    public void Knows_TrunkAddressOrRule_IsKnownAndStrangersAreNot()
    {
        var table = new TrunkTable([Make("t", "op", ["0"], 1)]);
        table.Knows(At("10.0.0.9", 40000)).ShouldBeTrue();
        table.Knows(At("10.0.0.8", 5060)).ShouldBeFalse();
        TrunkTable.Empty.Knows(At("10.0.0.9", 5060)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("2001:db8::", 32, "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::", 32, "2001:db9::1", false)]
    [InlineData("2001:db8::", 64, "2001:db8::ffff:1", true)]
    [InlineData("2001:db8::", 65, "2001:db8::8000:0:0:1", false)]
    [InlineData("::", 0, "2001:db8::1", true)]
    public void Source_PrefixLengths_CompareThatManyBits(string address, int bits, string source, bool expected) =>
        Rule(address, 0, bits).Matches(At(source, 5060)).ShouldBe(expected);

    private static Trunk Make(string id, string operatorId, string[] prefixes, int priority,
        params InboundSource[] from) =>
        new()
        {
            Id = id,
            OperatorId = operatorId,
            Address = At("10.0.0.9", 5060),
            Prefixes = [.. prefixes.Select(Number)],
            InboundFrom = from,
            Priority = priority,
        };

    private static PhoneNumber Number(string digits)
    {
        PhoneNumber.TryPack(Encoding.ASCII.GetBytes(digits), out var number);
        return number;
    }

    private static InboundSource Rule(string address, int port, int bits) => new(At(address, port), bits);

    private static IpEndpoint At(string address, int port) => IpEndpoint.From(IPAddress.Parse(address), port);
}
