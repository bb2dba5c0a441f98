using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CallTracker.Core.Linux.Bpf;
using CallTracker.Media.FastPath;
using CallTracker.TestKit.Servers;

namespace CallTracker.Media.Tests.FastPath;

/// <summary>The object file that is checked in, what reads it, and the layout that C and C# share.</summary>
public sealed class KernelObjectTests
{
    private static readonly string s_folder =
        Path.Combine(RepositoryPaths.Root, "dataplane", "CallTracker.Media", "FastPath");

    private static readonly Dictionary<string, int> s_maps = new() { ["flows"] = 5, ["settings"] = 6 };

    [Theory]
    [InlineData("relay.bpf.c")]
    [InlineData("relay.bpf.o")]
    public void CheckedInObject_OfThisSource_IsRecorded(string file)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(s_folder, file))));
        File.ReadAllLines(Path.Combine(s_folder, "relay.bpf.sha256"))
            .ShouldContain($"{hash}  {file}", "run dataplane/CallTracker.Media/FastPath/build --check-in");
    }

    [Fact]
    public void CheckedInObject_LinkedToMaps_NamesThemByDescriptor()
    {
        var file = File.ReadAllBytes(Path.Combine(s_folder, "relay.bpf.o"));
        var code = BpfObject.Instructions(file, "tcx/ingress", s_maps).ShouldNotBeNull();
        var named = new HashSet<int>();
        for (var at = 0; at < code.Length; at += 8)
        {
            if (code[at] == 0x18 && code[at + 1] >> 4 == 1) named.Add(BitConverter.ToInt32(code, at + 4));
        }
        named.ShouldBe([5, 6], ignoreOrder: true);
    }

    [Fact]
    public void CheckedInObject_CutOrChanged_IsRefusedWithoutHarm()
    {
        var file = File.ReadAllBytes(Path.Combine(s_folder, "relay.bpf.o"));
        for (var length = 0; length < file.Length; length += 7)
            _ = BpfObject.Instructions(file[..length], "tcx/ingress", s_maps);
        BpfObject.Instructions(file[..^100], "tcx/ingress", s_maps).ShouldBeNull();
        BpfObject.Instructions(file, "other", s_maps).ShouldBeNull();
        BpfObject.Instructions(file, "tcx/ingress", new Dictionary<string, int>()).ShouldBeNull();
        file[0x12] ^= 1;
        BpfObject.Instructions(file, "tcx/ingress", s_maps).ShouldBeNull("another machine's code");
    }

    [Fact]
    public void EntryLayout_OfEachField_IsThatOfTheProgram()
    {
        Unsafe.SizeOf<FlowEntry>().ShouldBe(320);
        Unsafe.SizeOf<FlowStats>().ShouldBe(168);
        Offset(nameof(FlowEntry.Remote)).ShouldBe(16);
        Offset(nameof(FlowEntry.Local)).ShouldBe(32);
        Offset(nameof(FlowEntry.NewSource)).ShouldBe(48);
        Offset(nameof(FlowEntry.NewSourcePort)).ShouldBe(80);
        Offset(nameof(FlowEntry.InterfaceIndex)).ShouldBe(84);
        Offset(nameof(FlowEntry.NextHop)).ShouldBe(88);
        Offset(nameof(FlowEntry.AddressDelta)).ShouldBe(108);
        Offset(nameof(FlowEntry.ClockRateHz)).ShouldBe(116);
        Offset(nameof(FlowEntry.Stats)).ShouldBe(120);
        ((int)Marshal.OffsetOf<FlowStats>(nameof(FlowStats.JitterTimes16))).ShouldBe(136);
        ((int)Marshal.OffsetOf<FlowStats>(nameof(FlowStats.HasTransit))).ShouldBe(143);
        ((int)Marshal.OffsetOf<FlowStats>(nameof(FlowStats.LongGaps))).ShouldBe(160);
    }

    private static int Offset(string field) => (int)Marshal.OffsetOf<FlowEntry>(field);
}
