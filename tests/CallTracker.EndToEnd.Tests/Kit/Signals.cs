using System.Runtime.InteropServices;

namespace CallTracker.EndToEnd.Tests.Kit;

/// <summary>Signals to processes by id (kill(2)). Stateless.</summary>
internal static class Signals
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;

    public static void Kill(int pid) => Send(pid, SigKill);

    public static void Terminate(int pid) => Send(pid, SigTerm);

    /// <summary>Freezes it: it holds its sockets and answers nothing, like a machine that hangs.</summary>
    public static void Freeze(int pid) => Send(pid, SigStop);

    public static void Thaw(int pid) => Send(pid, SigCont);

    private static void Send(int pid, int signal)
    {
        if (pid <= 1 || SendSignal(pid, signal) != 0) throw new InvalidOperationException($"No process {pid}.");
    }

    [DllImport("libc", EntryPoint = "kill", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);
}
