using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CallTracker.Core.Net;
using CallTracker.Core.Time;

namespace CallTracker.LoadTests.Sip;

/// <summary>The party that is called: 180, then 200 until its ACK comes; answers BYE. The driver's thread.</summary>
internal sealed partial class ShopSide(CallPlan plan, TimerWheel wheel, int socket)
{
    private const int T1Ms = 500;
    private const int OkRepetitionsMax = 7;
    private readonly List<ShopCall> _calls = [];
    private readonly Dictionary<string, int> _byCallId = new(StringComparer.Ordinal);

    public IReadOnlyList<ShopCall> Calls => _calls;

    /// <summary>ACKs that came for a 200.</summary>
    public int Confirmed { get; private set; }

    public void Receive(SipText message, in IpEndpoint from, long nowMs)
    {
        if (message.IsResponse) return;
        if (message.Method == "INVITE") TakeInvite(message, from, nowMs);
        else if (message.Method == "ACK") TakeAck(message);
        else TakeOther(message, from);
    }

    public void OnTimer(PartyTimer timer, int slot, long nowMs)
    {
        var call = _calls[slot];
        if (timer == PartyTimer.RepeatOk && ++call.Repetitions > OkRepetitionsMax) return;
        call.IsAnswered = true;
        UdpSocket.SendTo(socket, call.Ok, call.Peer);
        var delayMs = T1Ms << Math.Min(call.Repetitions, 3);
        call.Timer = wheel.Schedule(nowMs, delayMs, (ushort)PartyTimer.RepeatOk, slot);
    }

    private void TakeInvite(SipText invite, in IpEndpoint from, long nowMs)
    {
        if (_byCallId.TryGetValue(invite.CallId, out var known))
        {
            var again = _calls[known];
            UdpSocket.SendTo(socket, again.IsAnswered ? again.Ok : again.Ringing, from);
            return;
        }
        var slot = _calls.Count;
        var index = CallOf(invite) ?? slot;
        var contact = $"Contact: <sip:shop@{plan.Shop}>\r\n";
        var sdp = PartySdp.Write(PartySdp.FarEnd((2 * index) + 1, plan.MediaPort));
        var call = new ShopCall
        {
            Call = index,
            Peer = from,
            RelayMedia = PartySdp.ReadMedia(invite),
            Ringing = Encoding.ASCII.GetBytes(PartyReply.Write(invite, 180, "Ringing", $"s{slot}", contact)),
            Ok = Encoding.ASCII.GetBytes(PartyReply.Write(invite, 200, "OK", $"s{slot}", contact, sdp)),
        };
        _calls.Add(call);
        _byCallId[invite.CallId] = slot;
        UdpSocket.SendTo(socket, call.Ringing, from);
        call.Timer = wheel.Schedule(nowMs, plan.RingMs, (ushort)PartyTimer.ShopAnswers, slot);
    }

    private void TakeAck(SipText ack)
    {
        if (!_byCallId.TryGetValue(ack.CallId, out var slot) || _calls[slot].IsConfirmed) return;
        _calls[slot].IsConfirmed = true;
        wheel.Cancel(ref _calls[slot].Timer);
        Confirmed++;
    }

    private void TakeOther(SipText request, in IpEndpoint from)
    {
        UdpSocket.SendTo(socket, Encoding.ASCII.GetBytes(PartyReply.Write(request, 200, "OK", "s")), from);
        if (request.Method is not ("BYE" or "CANCEL") || !_byCallId.TryGetValue(request.CallId, out var slot)) return;
        wheel.Cancel(ref _calls[slot].Timer);
    }

    private int? CallOf(SipText invite)
    {
        var shown = invite.Header("P-Asserted-Identity") + invite.Header("From");
        var match = CallerPattern().Match(shown);
        if (!match.Success) return null;
        var index = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - plan.FirstCaller;
        return index >= 0 && index < plan.Count ? index : null;
    }

    [GeneratedRegex(@"03(\d{8})\b")]
    private static partial Regex CallerPattern();
}
