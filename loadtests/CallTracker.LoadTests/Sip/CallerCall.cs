using CallTracker.Core.Time;

namespace CallTracker.LoadTests.Sip;

/// <summary>One call as its caller knows it. The driver's thread; read by others when that has ended.</summary>
internal sealed class CallerCall
{
    public CallerState State { get; set; }

    public byte[] Invite { get; set; } = [];

    /// <summary>The To of the 200, with the node's tag.</summary>
    public string To { get; set; } = "";

    public string Target { get; set; } = "";

    public string Ack { get; set; } = "";

    /// <summary>Where the node wants this side's media.</summary>
    public string RelayMedia { get; set; } = "";

    public long SentAt { get; set; }

    public double AnswerMs { get; set; }

    public bool HasProvisional { get; set; }

    /// <summary>True once a 2xx came, whatever happened later.</summary>
    public bool WasAnswered { get; set; }

    /// <summary>The final code of a call that failed; 0 when none came.</summary>
    public int FinalCode { get; set; }

    public int Repetitions { get; set; }

    public TimerHandle Timer;
}
