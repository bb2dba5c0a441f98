using System.Buffers.Binary;
using CallTracker.Media.FastPath;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.FastPath;

/// <summary>What the kernel's program does with single frames.</summary>
public sealed class KernelProgramTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Program_RtpOfTheCall_IsRewrittenAndSentOn(int version)
    {
        using var bench = new ProgramBench(version);
        for (var i = 1; i <= 200; i++)
        {
            var packet = Packets.Rtp(i, ssrc: (uint)(i * 7919))[..(12 + (i % 160))];
            bench.Run(packet, out var changed).ShouldBe(ProgramBench.Redirected);
            Frames.Source(changed).ShouldBe(bench.Out);
            Frames.Target(changed).ShouldBe(bench.Peer);
            Frames.Ttl(changed).ShouldBe((byte)63);
            Frames.Payload(changed).ShouldBe(packet);
            Frames.AreChecksumsRight(changed).ShouldBeTrue($"packet {i}");
            (changed[Frames.Ethernet + 1] & (version == 4 ? 0xff : 0xf0)).ShouldBe(0, "type of service");
        }
        bench.Entry.Stats.Relayed.ShouldBe(200UL);
        bench.Entry.Owner.ShouldBe(FlowOwner.Kernel);
    }

    [Fact]
    public void Program_DatagramWithoutChecksum_StaysWithout()
    {
        using var bench = new ProgramBench(4);
        var frame = Frames.Udp(bench.Remote, bench.Local, Packets.Rtp(1));
        frame.AsSpan(Frames.UdpAt(frame) + 6, 2).Clear();
        bench.RunFrame(frame, out var changed).ShouldBe(ProgramBench.Redirected);
        BinaryPrimitives.ReadUInt16BigEndian(changed.AsSpan(Frames.UdpAt(changed) + 6)).ShouldBe((ushort)0);
    }

    [Fact]
    public void Program_WrongChecksum_StaysWrong()
    {
        using var bench = new ProgramBench(4);
        var frame = Frames.Udp(bench.Remote, bench.Local, Packets.Rtp(1));
        frame[^1] ^= 0x55;
        bench.RunFrame(frame, out var changed);
        Frames.AreChecksumsRight(changed).ShouldBeFalse("a broken packet must not be made to look whole");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Program_HeaderWithSourcesAndExtension_IsSentOn(int version)
    {
        using var bench = new ProgramBench(version);
        var packet = Packets.Rtp(5);
        packet[0] = 0x93;
        packet[12 + 12 + 3] = 2;
        packet[12 + 12 + 2] = 0;
        bench.Run(packet, out _).ShouldBe(ProgramBench.Redirected);
    }

    public static TheoryData<string, int> Unusual()
    {
        var data = new TheoryData<string, int>();
        foreach (var version in (int[])[4, 6])
        {
            foreach (var kind in UnusualFrames.Kinds)
            {
                if (version == 4 || !kind.StartsWith("ipv4", StringComparison.Ordinal)) data.Add(kind, version);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Unusual))]
    public void Program_WhatIsNotPlainRtpOfTheCall_GoesUpUnchanged(string kind, int version)
    {
        using var bench = new ProgramBench(version);
        var frame = UnusualFrames.Make(kind, bench);
        var before = frame.ToArray();
        bench.RunFrame(frame, out var changed).ShouldBe(ProgramBench.Up);
        changed.ShouldBe(before);
        bench.Entry.Stats.Packets.ShouldBe(0UL);
        bench.Entry.Owner.ShouldBe(FlowOwner.Kernel);
        // The control: the same call takes a plain packet.
        bench.Run(Packets.Rtp(1), out _).ShouldBe(ProgramBench.Redirected);
    }

    [Fact]
    public void Program_EntryOfUserspace_IsNotTouched()
    {
        using var bench = new ProgramBench(4);
        bench.Entry.TakeBack();
        bench.Run(Packets.Rtp(1), out _).ShouldBe(ProgramBench.Up);
        bench.Entry.Stats.Packets.ShouldBe(0UL);
        bench.Entry.Owner.ShouldBe(FlowOwner.User);
        bench.Entry.TakeBack();
        bench.Entry.GiveToKernel();
        bench.Run(Packets.Rtp(1), out _).ShouldBe(ProgramBench.Redirected);
    }
}
