using CallTracker.Calls.Engine;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Media.Relay;

namespace CallTracker.Node.Workers;

/// <summary>
/// A worker's part in <see cref="CallSpread"/>: tells how busy it is, twice a second; the first worker decides, and
/// has the kernel give it what only it is asked about. Its worker's thread alone.
/// </summary>
internal sealed class SpreadDesk
{
    private const int TurnMs = 500;
    private readonly CallSpread _spread;
    private readonly CallEngine _engine;
    private readonly MediaRelay _media;
    private readonly int _number;
    private readonly int[] _sockets;
    private readonly SpreadControl? _control;
    private long _turnMs;
    private long _cpuUs;

    /// <param name="spread">Of the node.</param>
    /// <param name="engine">The worker's.</param>
    /// <param name="media">The worker's.</param>
    /// <param name="number">The worker's.</param>
    /// <param name="sockets">A SIP socket of each group of sockets that the workers share.</param>
    /// <param name="nowMs">Of the node's clock.</param>
    public SpreadDesk(CallSpread spread, CallEngine engine, MediaRelay media, int number, int[] sockets, long nowMs)
    {
        (_spread, _engine, _media) = (spread, engine, media);
        (_number, _sockets, _turnMs) = (number, sockets, nowMs);
        if (spread.Changes && number == 0) _control = new SpreadControl(nowMs);
    }

    /// <summary>When half a second is over; a worker that has nothing to do wakes more often.</summary>
    public void Turn(long nowMs)
    {
        var elapsedMs = nowMs - _turnMs;
        if (!_spread.Changes || elapsedMs < TurnMs) return;
        var cpuUs = ThreadClock.CpuUs;
        _spread.Tell(_number, (int)((cpuUs - _cpuUs) / elapsedMs));
        (_turnMs, _cpuUs) = (nowMs, cpuUs);
        if (_control is null) return;
        var wasByFirst = _spread.IsByFirst;
        _spread.Phase = _control.Next(_spread.Phase, Load(), nowMs);
        if (_spread.IsByFirst != wasByFirst) Steer();
    }

    /// <summary>Gives the kernel the program of the phase; 0 or a negated errno.</summary>
    public int Steer()
    {
        var program = _spread.IsByFirst ? SipSteering.ToFirst : SipSteering.Program;
        foreach (var socket in _sockets)
        {
            if (UdpSocket.Steer(socket, program) is var result and < 0) return result;
        }
        return 0;
    }

    private SpreadLoad Load() => new(
        _spread.BusyOf(0), _spread.BusyOfAll(), _media.OpenSessions,
        _engine.Admission.IsShedding || _engine.IsFilling);
}
