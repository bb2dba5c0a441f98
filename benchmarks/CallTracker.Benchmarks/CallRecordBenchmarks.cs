using System.Buffers;
using BenchmarkDotNet.Attributes;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.ClickHouse;

namespace CallTracker.Benchmarks;

/// <summary>One row of call_records in ClickHouse's RowBinary, into a batch of 1,000.</summary>
public class CallRecordBenchmarks
{
    private const int Rows = 1000;
    private readonly ArrayBufferWriter<byte> _output = new(Rows * 1024);
    private readonly CallRecord _record = new()
    {
        TrnId = "T00000000000000000000001",
        NodeId = "node-1",
        OperatorId = "op1",
        SeqNum = 1,
        DinId = "0120000001",
        ClientId = "client1",
        ClientName = "広告主",
        DialinId = "dialin1",
        DialinName = "本店",
        FwdId = "0312345678",
        ClrIdCipher = new string('A', 52),
        CallerKey = 12_345,
        DinMs = 1_767_225_600_000,
        FwdMs = 1_767_225_600_020,
        TstMs = 1_767_225_603_000,
        EocMs = 1_767_225_663_000,
        DialStat = DialStatus.Normal,
        HupUsr = HangupSide.Caller,
        SipCode = 200,
        EndReason = "bye",
        CallId = "T00000000000000000000001",
        TrunkIn = "carrier",
        TrunkOut = "shop",
        Attempts = [new CallAttempt("0312345678", 200, 2980, "shop")],
    };
    private RowBinaryWriter? _writer;

    [GlobalSetup]
    public void Setup() => _writer = new RowBinaryWriter(_output);

    [Benchmark(OperationsPerInvoke = Rows)]
    public int WriteRow()
    {
        _output.ResetWrittenCount();
        for (var i = 0; i < Rows; i++) CallRecordTable.Write(_writer!, _record);
        return _output.WrittenCount;
    }
}
