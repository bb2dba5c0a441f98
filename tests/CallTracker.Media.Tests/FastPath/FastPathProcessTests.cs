using System.Diagnostics;
using System.Runtime.InteropServices;
using CallTracker.Core.Net;
using CallTracker.Media.FastPath;

namespace CallTracker.Media.Tests.FastPath;

/// <summary>Opening, the rights it takes, and the end of the process.</summary>
[Collection(NamespaceTests.Name)]
public sealed partial class FastPathProcessTests
{
    private const int QueryPrograms = 16;
    private const int TcxIngress = 46;
    private const nint BpfNumber = 321;
    private const int DeadlineMs = 5000;

    [Fact]
    public void Process_Killed_TakesItsProgramWithIt() => InNamespace(name =>
    {
        var index = NetworkInterfaces.EthernetOnes().Single(one => one.Name == "e0").Index;
        Attached(index).ShouldBe(0);
        using var child = FastPathChild.Start(["ip", "netns", "exec", name], out var said);
        said.ShouldStartWith("open on e");
        Attached(index).ShouldBe(1);
        child.Kill();
        child.WaitForExit();
        // The kernel lets go of the link after a grace period of its own.
        var watch = Stopwatch.StartNew();
        while (Attached(index) != 0) watch.ElapsedMilliseconds.ShouldBeLessThan(DeadlineMs);
    });

    [Theory]
    [InlineData("-all", "CAP_BPF and CAP_NET_ADMIN are missing")]
    [InlineData("-all,+bpf", "CAP_BPF and CAP_NET_ADMIN are missing")]
    [InlineData("-all,+net_admin", "CAP_BPF and CAP_NET_ADMIN are missing")]
    [InlineData("-all,+bpf,+net_admin", "open on e")]
    public void Open_WithTheseRights_SaysWhetherTheySuffice(string rights, string expected) => InNamespace(name =>
    {
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "the program setpriv is missing");
        string[] command =
        [
            "ip", "netns", "exec", name, "setpriv", "--reuid", "65534", "--clear-groups", "--inh-caps", rights,
            "--ambient-caps", rights, "--bounding-set", rights,
        ];
        using var child = FastPathChild.Start(command, out var said);
        child.Kill();
        child.WaitForExit();
        said.ShouldStartWith(expected);
    });

    [Fact]
    public void Open_WithoutAnythingToAttachTo_SaysWhy() => InNamespace(name =>
    {
        Reason(FastLab.Settings(), "none").ShouldContain("an interface of the list is missing");
        Reason(FastLab.Settings(), "lo").ShouldContain("an interface of the list is missing");
        Reason(FastLab.Settings(), "e0").ShouldBe("");
        // Its other end goes with it.
        NetNamespace.Ip("link del e0\n", name);
        Reason(FastLab.Settings()).ShouldBe("there is no Ethernet interface");
    });

    [Fact]
    public void Open_NodeOnLoopback_SaysSoWithoutAskingTheKernel()
    {
        var settings = new FastPathSettings
        {
            FirstPort = 20_000,
            PairCount = 4,
            Ipv4 = FastLab.Endpoint("127.0.0.1", 0),
        };
        FastPathProgram.TryOpen(settings, out var reason).ShouldBeNull();
        reason.ShouldBe("the node is bound to loopback");
    }

    private static string Reason(FastPathSettings settings, params string[] interfaces)
    {
        var named = new FastPathSettings
        {
            FirstPort = settings.FirstPort,
            PairCount = settings.PairCount,
            Ipv4 = settings.Ipv4,
            Interfaces = interfaces,
        };
        using var program = FastPathProgram.TryOpen(named, out var reason);
        (program is null).ShouldBe(reason.Length > 0);
        return reason;
    }

    // A namespace with two Ethernet interfaces beside lo.
    private static void InNamespace(Action<string> test)
    {
        Assert.SkipUnless(NetNamespace.Missing is null, NetNamespace.Missing ?? "");
        var name = $"ctp{Environment.ProcessId}-{Guid.NewGuid():N}"[..24];
        NetNamespace.Ip($"netns add {name}\n");
        try
        {
            NetNamespace.Ip("link add e0 type veth peer name e1\n", name);
            NetNamespace.Run(name, () => test(name));
        }
        finally
        {
            NetNamespace.Ip($"netns del {name}\n");
        }
    }

    // BPF_PROG_QUERY: interface, attach type, …, at 24 the count.
    private static unsafe int Attached(int interfaceIndex)
    {
        var block = stackalloc int[16];
        new Span<int>(block, 16).Clear();
        block[0] = interfaceIndex;
        block[1] = TcxIngress;
        SystemCall(BpfNumber, QueryPrograms, block, 64).ShouldBe(0);
        return block[6];
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static unsafe partial nint SystemCall(nint number, nint command, void* block, nuint bytes);
}
