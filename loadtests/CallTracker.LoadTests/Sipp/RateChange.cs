using System.Globalization;
using System.Net.Sockets;
using System.Text;
using CallTracker.Core.Net;

namespace CallTracker.LoadTests.Sipp;

/// <summary>
/// A change of SIPp's rate while it runs, by its control port, so that no gap lies between two rates.
/// </summary>
/// <param name="AfterSec">When, from SIPp's start.</param>
/// <param name="RatePerSec">The new rate.</param>
/// <param name="Control">Where SIPp listens for commands; its host is 127.0.0.1.</param>
internal sealed record RateChange(double AfterSec, double RatePerSec, IpEndpoint Control)
{
    /// <summary>Waits, then tells SIPp.</summary>
    public async Task RunAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(AfterSec));
        using var udp = new UdpClient(AddressFamily.InterNetwork);
        // The key 'c' begins a command; nothing may follow the number.
        var command = string.Create(CultureInfo.InvariantCulture, $"cset rate {RatePerSec:F1}");
        await udp.SendAsync(Encoding.ASCII.GetBytes(command), "127.0.0.1", Control.Port);
    }
}
