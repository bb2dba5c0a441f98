using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CallTracker.Media.Tests.FastPath;

/// <summary>Network namespaces by name (<c>ip netns</c>), entered by one thread at a time.</summary>
internal static partial class NetNamespace
{
    private const int CloneNewNet = 0x4000_0000;

    /// <summary>Why these tests cannot run here; null when they can.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>Runs the lines with <c>ip -batch</c>.</summary>
    public static void Ip(string lines, string? name = null)
    {
        var error = TryIp(lines, name);
        if (error.Length > 0) throw new InvalidOperationException($"ip: {error}");
    }

    /// <summary>Runs the work on a thread of its own, in a namespace; what it throws comes out here.</summary>
    public static void Run(string name, Action work)
    {
        Exception? thrown = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter(name);
                work();
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        });
        thread.Start();
        thread.Join();
        if (thrown is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(thrown).Throw();
    }

    /// <summary>Moves the calling thread.</summary>
    public static void Enter(string name)
    {
        using var file = File.OpenHandle("/run/netns/" + name);
        if (SetNamespace((int)file.DangerousGetHandle(), CloneNewNet) != 0)
            throw new InvalidOperationException($"setns: errno {Marshal.GetLastSystemError()}");
    }

    private static string? FindMissing()
    {
        if (!File.Exists("/sbin/ip") && !File.Exists("/usr/sbin/ip")) return "the program ip is missing";
        if (!Environment.IsPrivilegedProcess) return "network namespaces and eBPF need root";
        var name = $"ctprobe{Environment.ProcessId}";
        var error = TryIp($"netns add {name}\nnetns del {name}\n", name: null);
        return error.Length == 0 ? null : $"network namespaces are not allowed here: {error}";
    }

    private static string TryIp(string lines, string? name)
    {
        var start = new ProcessStartInfo("ip")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        if (name is not null)
        {
            start.ArgumentList.Add("-n");
            start.ArgumentList.Add(name);
        }
        start.ArgumentList.Add("-batch");
        start.ArgumentList.Add("-");
        using var process = Process.Start(start)!;
        process.StandardInput.Write(lines);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : error.Trim();
    }

    [LibraryImport("libc", EntryPoint = "setns")]
    private static partial int SetNamespace(int descriptor, int kind);
}
