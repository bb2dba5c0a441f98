using CallTracker.Media.Dtmf;
using CallTracker.Media.Rtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Dtmf;

/// <summary>The numbers of a stream that packets are taken out of and put into.</summary>
public sealed class RtpSpliceTests
{
    private readonly List<int> _out = [];
    private RtpSplice _splice;

    [Fact]
    public void Stream_LeftAlone_PassesUnchanged()
    {
        Pass(65_534, 65_535, 0, 2, 1, 1, 40_000, 3);
        _out.ShouldBe([65_534, 65_535, 0, 2, 1, 1, 40_000, 3]);
    }

    [Fact]
    public void Packets_PutIn_MoveAllThatFollow()
    {
        Pass(65_533, 65_534);
        Insert(3);
        Pass(65_535, 0);
        Insert(1);
        Pass(1);
        _out.ShouldBe([65_533, 65_534, 65_535, 0, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public void Packets_TakenOut_LeaveNoHole()
    {
        Pass(10);
        Remove(11, 12, 13);
        Pass(14);
        Remove(15);
        Insert(1);
        Pass(16);
        _out.ShouldBe([10, 11, 12, 13]);
    }

    [Fact]
    public void Loss_BesideMoves_StaysLoss()
    {
        Pass(10, 12);
        Insert(1);
        Pass(14);
        _out.ShouldBe([10, 12, 13, 15]);
    }

    [Fact]
    public void LatePacket_FromBeforeTheMove_FillsItsOwnHole()
    {
        Pass(10, 12);
        Insert(2);
        Pass(11, 13);
        _out.ShouldBe([10, 12, 13, 14, 11, 15]);
    }

    [Fact]
    public void LatePacket_WhosePlaceNobodyKnows_IsNotSent()
    {
        Pass(10, 12);
        Insert(1);
        Pass(13);
        Insert(1);
        Pass(14);
        Pass(11);
        _out.ShouldBe([10, 12, 13, 14, 15, 16]);
    }

    [Fact]
    public void Source_ThatChanges_BeginsAnew()
    {
        Pass(10);
        Insert(5);
        Pass(ssrc: 9, 700, 701);
        _out.TakeLast(2).ShouldBe([700, 701]);
    }

    [Fact]
    public void Source_ThatCountsFromElsewhere_IsFollowed()
    {
        Pass(30_000);
        Insert(2);
        Pass(5, 6, 7);
        _out.TakeLast(3).ShouldBe([7, 8, 9]);
    }

    // Whatever comes and goes, in order, the numbers sent are each other's successors.
    [Fact]
    public void Moves_AtRandom_KeepTheNumbersWhole()
    {
        var random = new Random(12);
        var sequence = 65_000;
        Pass(sequence);
        for (var i = 0; i < 300_000; i++)
        {
            var choice = random.Next(100);
            if (choice < 5) Insert(random.Next(4));
            else if (choice < 10) Remove(++sequence & 0xffff);
            else Pass(++sequence & 0xffff);
        }
        for (var i = 1; i < _out.Count; i++) _out[i].ShouldBe((_out[i - 1] + 1) & 0xffff);
    }

    private void Pass(params int[] sequences) => Pass(0x1111_2222, sequences);

    private void Pass(uint ssrc, params int[] sequences)
    {
        foreach (var sequence in sequences)
        {
            var packet = Packets.Rtp(sequence, ssrc);
            RtpHeader.Parse(packet, paddingReadable: false, out var header);
            if (!_splice.TryPass(ref header, packet, 0)) continue;
            header.Sequence.ShouldBe((ushort)((packet[2] << 8) | packet[3]));
            _out.Add(header.Sequence);
        }
    }

    private void Remove(params int[] sequences)
    {
        foreach (var sequence in sequences)
        {
            RtpHeader.Parse(Packets.Rtp(sequence), paddingReadable: false, out var header);
            _splice.Remove(header, keepsTime: true, 0);
        }
    }

    private void Insert(int count)
    {
        for (var i = 0; i < count; i++) _out.Add(_splice.Insert());
    }
}
