using System.Globalization;
using CallTracker.Simulation.Tests.World;

namespace CallTracker.Simulation.Tests.Agents;

/// <summary>
/// The session timer of one party (RFC 4028): refreshes when that fell to it, and ends the call when nobody refreshes.
/// Owned by its <see cref="Party"/>.
/// </summary>
internal sealed class Session(Party party)
{
    private const int LongestSec = 600;
    private int _intervalSec;
    private bool _isRefresher;
    private int _round;

    /// <summary>Nobody refreshed it in time, though the other side had taken that on.</summary>
    public bool WasLeft { get; private set; }

    /// <summary>
    /// Takes what an answer to INVITE or UPDATE says. Who sent the request is the uac of the header.
    /// </summary>
    public void Take(string header, bool isAsker)
    {
        _round++;
        if (header.Length == 0)
        {
            _intervalSec = 0;
            return;
        }
        var parts = header.Split(';');
        _intervalSec = int.Parse(parts[0], null);
        _isRefresher = parts.Contains("refresher=uac") == isAsker;
        // No call of a seed lasts so long.
        if (_intervalSec > LongestSec) return;
        var round = _round;
        if (_isRefresher) party.World.Later(_intervalSec * 500, () => Refresh(round));
        else party.World.Later(_intervalSec * 1_000, () => Expire(round));
    }

    /// <summary>The header line for a refresh of ours.</summary>
    public string Header => _intervalSec == 0
        ? "" : string.Create(CultureInfo.InvariantCulture, $"Session-Expires: {_intervalSec};refresher=uac\r\n");

    /// <summary>The header line for the answer to somebody else's request; it says what the request asked.</summary>
    public static string Echo(string header, int secMax)
    {
        if (header.Length == 0) return "";
        var asked = int.Parse(header.Split(';')[0], null);
        var agreed = secMax > 0 ? Math.Min(asked, secMax) : asked;
        var refresher = header.Contains("refresher=uas", StringComparison.Ordinal) ? "uas" : "uac";
        return string.Create(
            CultureInfo.InvariantCulture, $"Require: timer\r\nSession-Expires: {agreed};refresher={refresher}\r\n");
    }

    private void Refresh(int round)
    {
        if (round == _round && !party.Plan.ForgetsRefresh) party.StartUpdate("", Header);
    }

    private void Expire(int round)
    {
        if (round != _round || party.HasEnded || party.IsDead) return;
        WasLeft = true;
        party.HangUp();
    }
}
