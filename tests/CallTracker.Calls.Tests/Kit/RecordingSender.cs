using System.Text;
using CallTracker.Calls.Engine;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Tests.Kit;

/// <summary>Keeps what the engine sends.</summary>
internal sealed class RecordingSender : ISipSender
{
    public List<SentMessage> Sent { get; } = [];

    /// <summary>Makes every send fail, as a broken transport does.</summary>
    public bool IsBroken { get; set; }

    public bool Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (IsBroken) return false;
        Sent.Add(new SentMessage(flow.Remote, Encoding.Latin1.GetString(message), flow));
        return true;
    }
}
