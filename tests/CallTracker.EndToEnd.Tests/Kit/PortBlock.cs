using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CallTracker.EndToEnd.Tests.Kit;

/// <summary>
/// A hundred ports, and RTP ports to go with them, that one running product of the tests has to itself. The claim is a
/// listener on the last port, held until disposal, so that two test runs on one machine do not meet.
/// </summary>
internal sealed class PortBlock : IDisposable
{
    private const int FirstBase = 18400;
    private const int BlockLength = 100;
    private const int BlockCount = 5;
    // Many, so that what the network still holds for a SIPp that ended does not reach the next one on its port.
    private const int PeerFirstBase = 16000;
    private const int PeerLength = 480;
    // Below the default range (20000-29999), which a product that runs beside the tests holds as a whole.
    private const int RtpFirstBase = 12000;
    private const int RtpLength = 400;
    private readonly TcpListener _claim;
    private readonly int _index;

    private PortBlock(TcpListener claim, int index)
    {
        _claim = claim;
        _index = index;
    }

    public int Sip => At(0);
    public int Api => At(1);
    public int Node => At(2);
    public int Redis => At(3);
    public int ClickHouse => At(4);
    public int SipTls => At(5);
    /// <summary>Where the node mirrors its messages to; only a test that wants them listens there.</summary>
    public int Hep => At(7);
    /// <summary>
    /// Ports of the first SIPp; each takes eight: signalling, echoed media at plus two and plus four.
    /// </summary>
    public int Peers => PeerFirstBase + (_index * PeerLength);
    /// <summary>How many SIPp programs have had ports before the first one's are used again.</summary>
    public static int PeerCount => PeerLength / 8;
    public string Rtp
    {
        get
        {
            var first = RtpFirstBase + (_index * RtpLength);
            return string.Create(CultureInfo.InvariantCulture, $"{first}-{first + RtpLength - 1}");
        }
    }

    /// <summary>The first block that nobody holds.</summary>
    public static PortBlock Claim()
    {
        for (var index = 0; index < BlockCount; index++)
        {
            var claim = new TcpListener(IPAddress.Loopback, FirstBase + (index * BlockLength) + BlockLength - 1);
            try
            {
                claim.Start();
                return new PortBlock(claim, index);
            }
            catch (SocketException)
            {
                claim.Dispose();
            }
        }
        throw new InvalidOperationException("Every block of test ports is taken.");
    }

    /// <inheritdoc/>
    public void Dispose() => _claim.Dispose();

    private int At(int offset) => FirstBase + (_index * BlockLength) + offset;
}
