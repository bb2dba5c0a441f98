using CallTracker.Backends;

namespace CallTracker.Node.Hosting;

/// <summary>Every log line of the node, with its event id, in one place.</summary>
internal static partial class NodeLogMessages
{
    [LoggerMessage(1001, LogLevel.Information,
        "Node {NodeId} takes SIP on {Sip} with {Workers} workers and {Sessions} media sessions.")]
    public static partial void Started(ILogger logger, string nodeId, string sip, int workers, int sessions);

    [LoggerMessage(1002, LogLevel.Information, "Draining: no new calls; {Calls} calls are running.")]
    public static partial void Draining(ILogger logger, int calls);

    [LoggerMessage(1003, LogLevel.Warning, "Ending {Calls} calls that are still running.")]
    public static partial void EndingCalls(ILogger logger, int calls);

    [LoggerMessage(1004, LogLevel.Information, "Node stopped.")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(1005, LogLevel.Critical,
        "Worker {Worker} failed; the node ends so that its supervisor starts it anew. {Failure}")]
    public static partial void WorkerFailed(ILogger logger, int worker, string failure);

    [LoggerMessage(1006, LogLevel.Warning,
        "Only {Limit} descriptors are permitted, {Wanted} are needed for the whole RTP range.")]
    public static partial void FewDescriptors(ILogger logger, ulong limit, ulong wanted);

    [LoggerMessage(1007, LogLevel.Warning,
        "The kernel does not steer SIP to its worker (errno {Error}); workers hand messages over instead.")]
    public static partial void NotSteered(ILogger logger, int error);

    [LoggerMessage(1020, LogLevel.Warning,
        "Registrations cannot be kept in the run folder ({Reason}); phones register anew after a restart.")]
    public static partial void BindingsNotKept(ILogger logger, string reason);

    [LoggerMessage(1030, LogLevel.Information, "The kernel relays settled calls that come in by {Interfaces}.")]
    public static partial void FastPathOn(ILogger logger, string interfaces);

    [LoggerMessage(1031, LogLevel.Warning, "The kernel fast path is off: {Reason}. Userspace relays all calls.")]
    public static partial void FastPathOff(ILogger logger, string reason);

    [LoggerMessage(1032, LogLevel.Information,
        "Opus is neither offered nor converted: libopus.so.0 is missing (Debian: libopus0).")]
    public static partial void OpusMissing(ILogger logger);

    [LoggerMessage(1033, LogLevel.Warning,
        "DTLS-SRTP is neither offered nor taken: libssl.so.3 of OpenSSL 3 is missing, or is not whole.")]
    public static partial void DtlsMissing(ILogger logger);

    [LoggerMessage(1034, LogLevel.Information, "RTP comes and goes by io_uring.")]
    public static partial void RingOn(ILogger logger);

    [LoggerMessage(1035, LogLevel.Information,
        "RTP comes and goes by epoll: io_uring cannot be used here (errno {Error}; 1 and 38: forbidden or too old).")]
    public static partial void RingOff(ILogger logger, int error);

    [LoggerMessage(1036, LogLevel.Information, "The workers run at real-time priority.")]
    public static partial void RealTimeOn(ILogger logger);

    [LoggerMessage(1037, LogLevel.Warning,
        "CALLTRACKER_PRIORITY is realtime, but the workers run at normal priority (errno {Error}; 1: CAP_SYS_NICE or "
        + "LimitRTPRIO is missing).")]
    public static partial void RealTimeOff(ILogger logger, int error);

    [LoggerMessage("{Code} {What}: {Detail}")]
    public static partial void Backend(ILogger logger, LogLevel level, int code, BackendEvent what, string detail);
}
