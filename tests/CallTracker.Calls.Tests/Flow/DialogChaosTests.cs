using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>
/// Both peers do what they like, in any order: whatever came of it, nothing is left at the end. The seed that a failure
/// names gives the same moves again.
/// </summary>
public sealed class DialogChaosTests
{
    private const int MovesMax = 40;
    private static readonly int[] Codes =
        [100, 180, 200, 200, 200, 200, 302, 401, 405, 408, 422, 481, 486, 488, 491, 503];

    [Fact]
    public void Dialogs_AnySequenceOfMoves_LeaveNothingBehind()
    {
        using var node = new Harness(media: Harness.PatientMedia).UseTrunks(
            ReliableProvisional.Supported, expiresSec: 120, redirect: RedirectPolicy.Follow);
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 20_000), ("0612345678", 20_000)));
        for (var seed = 1; seed <= 200; seed++) Play(node, seed);
        // The moves must reach what they are for, or the test proves nothing.
        node.Journal.Entries.Count(e => e.Kind == "answer").ShouldBeGreaterThan(25);
    }

    private static void Play(Harness node, int seed)
    {
        new Peers(node, seed).Play();
        node.Engine.EndAll(node.Now);
        node.Engine.EndAll(node.Now);
        node.Pass(100_000);
        var name = $"seed {seed}";
        node.IsWhole.ShouldBeTrue(name);
        var counters = node.Engine.TransactionCounters;
        (counters.InviteClientActive, counters.NonInviteClientActive, counters.InviteServerActive,
            counters.NonInviteServerActive).ShouldBe((0, 0, 0, 0), name);
        node.Journal.Entries.Count(e => e.Kind == "start").ShouldBe(node.Journal.Ends.Count(), name);
        node.Wire.Sent.Clear();
    }

    /// <summary>The caller and the shop of one call, each with what it has seen so far.</summary>
    private sealed class Peers(Harness node, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<SentMessage> _toCaller = [];
        private readonly List<SentMessage> _toShop = [];
        private int _callerCSeq = 1;
        private int _shopCSeq;
        private int _rseq;
        private int _move;

        public void Play()
        {
            var abilities = _random.Next(4) switch
            {
                0 => "",
                1 => "Supported: 100rel, timer\r\n",
                2 => "Supported: 100rel, timer\r\nAllow: UPDATE\r\nSession-Expires: 100\r\n",
                _ => "Supported: timer\r\nSession-Expires: 90;refresher=uas\r\n",
            };
            var body = _random.Next(4) == 0 ? null : "sdp";
            node.Deliver(
                Peer.Invite(body: body, headers: abilities, callId: $"c{seed}@carrier", branch: $"z9hG4bKi{seed}"),
                Harness.Carrier);
            for (; _move < MovesMax; _move++)
            {
                _toCaller.AddRange(node.TakeNew(Harness.Carrier));
                _toShop.AddRange(node.TakeNew(Harness.Shop));
                if (_random.Next(2) == 0) MoveOfCaller();
                else MoveOfShop();
                if (_random.Next(3) == 0) node.Pass(_random.Next(1, _random.Next(8) == 0 ? 40_000 : 900));
            }
        }

        private void MoveOfCaller()
        {
            var answer = _toCaller.LastOrDefault(m => m.IsResponse && m.Tag("To").Length > 0);
            var request = _toCaller.LastOrDefault(m => !m.IsResponse && m.Method != "ACK");
            var choice = _random.Next(12);
            if (choice < 4 && request is not null) Send(Respond(request, ""), Harness.Carrier);
            else if (answer is null) Send(_random.Next(20) == 0 ? Cancel() : "", Harness.Carrier);
            else Send(OfCaller(answer, choice), Harness.Carrier);
        }

        private string OfCaller(SentMessage answer, int choice) => choice switch
        {
            4 or 5 when answer.Header("RSeq").Length > 0 => DialogTrunks.Prack(answer, ++_callerCSeq, Sdp()),
            4 or 5 or 6 => Peer.FromCaller(answer, "ACK", 1, Branch(), Sdp()),
            7 => Peer.FromCaller(answer, "ACK", _callerCSeq, Branch(), Sdp()),
            8 => Peer.FromCaller(answer, "UPDATE", ++_callerCSeq, Branch(), Sdp()),
            9 => Peer.FromCaller(answer, "INVITE", ++_callerCSeq, Branch(), Sdp()),
            10 => Peer.FromCaller(answer, "INFO", ++_callerCSeq, Branch()),
            _ => _random.Next(6) switch
            {
                0 => Peer.FromCaller(answer, "BYE", ++_callerCSeq, Branch()),
                1 => Cancel(),
                _ => "",
            },
        };

        private void MoveOfShop()
        {
            var request = _toShop.LastOrDefault(m => m.Method != "ACK");
            if (request is null) return;
            var invite = _toShop.FindLast(m => m.Method == "INVITE" && !m.Header("To").Contains("tag="));
            var tag = _random.Next(5) == 0 ? "s2" : "s1";
            Send(_random.Next(10) switch
            {
                < 4 => Respond(request, tag),
                4 => Respond(_toShop[_random.Next(_toShop.Count)], tag),
                5 or 6 when invite is not null => DialogTrunks.Reliable(
                    invite, _random.Next(180, 184), ++_rseq, Sdp(), tag, _random.Next(2) == 0 ? "UPDATE" : ""),
                7 when invite is not null => Peer.FromShop(invite, "UPDATE", ++_shopCSeq, Branch(), Sdp(), tag: tag),
                8 when invite is not null => Peer.FromShop(invite, "INVITE", ++_shopCSeq, Branch(), Sdp(), tag: tag),
                9 when invite is not null && _random.Next(5) == 0 =>
                    Peer.FromShop(invite, "BYE", ++_shopCSeq, Branch(), tag: tag),
                _ => "",
            }, Harness.Shop);
        }

        private string Respond(SentMessage request, string tag)
        {
            var code = Codes[_random.Next(Codes.Length)];
            var headers = code == 422 ? "Min-SE: 150\r\n"
                : code == 200 && _random.Next(2) == 0 ? "Session-Expires: 100;refresher=uac\r\nAllow: UPDATE\r\n" : "";
            var contact = code == 302 ? "sip:069999999" + _random.Next(10) + "@x.example" : "sip:peer@127.0.0.1:5080";
            if (tag.Length == 0) contact = "sip:caller@127.0.0.1:5071";
            return request.IsResponse || request.Method == "ACK"
                ? ""
                : Peer.Answer(request, code, code is 200 or 180 ? Sdp() : "", tag, contact, headers);
        }

        private string Sdp() => _random.Next(4) switch
        {
            0 => "",
            1 => Peer.Sdp(41000 + _random.Next(3), "a=sendonly\r\n"),
            _ => Peer.Sdp(42000),
        };

        private string Cancel() => Peer.Cancel($"z9hG4bKi{seed}", $"c{seed}@carrier");

        private string Branch() => $"m{seed}-{_move}";

        private void Send(string text, Core.Net.IpEndpoint from)
        {
            if (text.Length > 0) node.Deliver(text, from);
        }
    }
}
