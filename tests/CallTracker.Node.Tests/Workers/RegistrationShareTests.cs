using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using CallTracker.Calls.Routing;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Workers;

/// <summary>
/// Registrations are shared out: each trunk has one worker, and the drain's end takes all of them back.
/// </summary>
[Collection(nameof(TwoWorkers))]
public sealed class RegistrationShareTests
{
    private const int TrunkCount = 8;

    [Fact]
    public void Trunks_ToRegisterWith_EachHaveOneWorkerUntilTheyAreLeft()
    {
        using var registrar = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        registrar.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)registrar.LocalEndPoint!).Port;
        var nobody = IpEndpoint.From(IPAddress.Loopback, 9);
        var trunks = Enumerable.Range(0, TrunkCount).Select(i => Make(i, port));
        using var node = new TwoWorkers(
            nobody, nobody, SipTransportKind.Udp, overloadTargetMs: 0, signallingMsMax: 2, others: [.. trunks]);
        var target = new IPEndPoint(IPAddress.Loopback, node.Address.Port);

        AnswerAll(registrar, target, "600").Count.ShouldBe(TrunkCount);
        node.Registrations.Sum().ShouldBe(TrunkCount);
        node.Registrations.ShouldAllBe(count => count > 0);
        registrar.Poll(300_000, SelectMode.SelectRead).ShouldBeFalse();

        node.Unregister();
        AnswerAll(registrar, target, "0").Count.ShouldBe(TrunkCount);
        SpinWait.SpinUntil(() => node.Registrations.Sum() == 0, 5000).ShouldBeTrue();
    }

    // Answers until each user's REGISTER with this Expires was seen, or ten seconds are over.
    private static HashSet<string> AnswerAll(Socket registrar, IPEndPoint node, string expires)
    {
        var users = new HashSet<string>(StringComparer.Ordinal);
        var buffer = new byte[4096];
        for (var i = 0; users.Count < TrunkCount && i < 100; i++)
        {
            if (!registrar.Poll(100_000, SelectMode.SelectRead)) continue;
            var text = Encoding.ASCII.GetString(buffer, 0, registrar.Receive(buffer));
            text.ShouldStartWith("REGISTER ");
            text.ShouldContain($"\r\nExpires: {expires}\r\n");
            users.Add(Regex.Match(text, "To: <sip:([^@]+)@").Groups[1].Value);
            var lines = text.Split("\r\n").Where(line => Regex.IsMatch(line, "^(Via|From|To|Call-ID|CSeq):"));
            var answer = "SIP/2.0 200 OK\r\n" + string.Join("\r\n", lines) + "\r\nContent-Length: 0\r\n\r\n";
            registrar.SendTo(Encoding.ASCII.GetBytes(answer), node);
        }
        return users;
    }

    private static Trunk Make(int index, int port) => new()
    {
        Id = "registrar-" + index.ToString(CultureInfo.InvariantCulture),
        OperatorId = "op",
        Address = IpEndpoint.From(IPAddress.Loopback, port),
        Prefixes = [],
        InboundFrom = [],
        Register = true,
        RegisterExpiresSec = 600,
        ProbeSec = 0,
        Credentials = new TrunkCredentials
        {
            Username = Encoding.ASCII.GetBytes("user" + index.ToString(CultureInfo.InvariantCulture)),
            Secret = "s"u8.ToArray(),
        },
    };
}
