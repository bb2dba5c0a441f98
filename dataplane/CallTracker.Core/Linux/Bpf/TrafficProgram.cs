using System.Buffers.Binary;

namespace CallTracker.Core.Linux.Bpf;

/// <summary>A program of the traffic control kind, loaded and verified by the kernel; gone when closed.</summary>
public sealed unsafe class TrafficProgram : IDisposable
{
    private const int TypeTraffic = 3;
    private const int InstructionBytes = 8;
    private const int LogBytes = 1 << 20;
    private const int AttachTcxIngress = 46;
    private int _descriptor;

    private TrafficProgram(int descriptor) => _descriptor = descriptor;

    /// <summary>Loads a program.</summary>
    /// <param name="instructions">As <see cref="BpfObject"/> gives them.</param>
    /// <param name="program">The program, when the result is 0.</param>
    /// <param name="log">What the verifier says about a program it refuses.</param>
    /// <returns>0 or a negated errno.</returns>
    public static int TryLoad(ReadOnlySpan<byte> instructions, out TrafficProgram? program, out string log)
    {
        var result = Load(instructions, []);
        program = result >= 0 ? new TrafficProgram(result) : null;
        log = "";
        if (result >= 0 || result == -LibC.NotPermitted) return Math.Min(result, 0);
        var text = new byte[LogBytes];
        _ = Load(instructions, text);
        log = TailOf(text);
        return result;
    }

    /// <summary>
    /// Attaches to what comes in on an interface (TCX, kernel 6.6). The link ends with its descriptor, and so with the
    /// process, however that ends.
    /// </summary>
    /// <returns>The link's descriptor, or a negated errno (EINVAL from a kernel without TCX).</returns>
    public int AttachIngress(int interfaceIndex)
    {
        Span<byte> block = stackalloc byte[BpfCall.BlockBytes];
        block.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(block, _descriptor);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], interfaceIndex);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], AttachTcxIngress);
        return BpfCall.Run(BpfCall.LinkCreate, block);
    }

    /// <summary>Runs the program once on a frame, without sending anything. For tests.</summary>
    /// <returns>What the program returned; <see cref="int.MinValue"/> when the kernel refused.</returns>
    public int Run(ReadOnlySpan<byte> frame, Span<byte> changed, out int length)
    {
        Span<byte> block = stackalloc byte[BpfCall.BlockBytes];
        block.Clear();
        length = 0;
        fixed (byte* input = frame, output = changed, fields = block)
        {
            BinaryPrimitives.WriteInt32LittleEndian(block, _descriptor);
            BinaryPrimitives.WriteInt32LittleEndian(block[8..], frame.Length);
            BinaryPrimitives.WriteInt32LittleEndian(block[12..], changed.Length);
            BinaryPrimitives.WriteInt64LittleEndian(block[16..], (nint)input);
            BinaryPrimitives.WriteInt64LittleEndian(block[24..], (nint)output);
            if (BpfCall.Run(BpfCall.ProgramTestRun, new ReadOnlySpan<byte>(fields, 80)) < 0) return int.MinValue;
            length = BinaryPrimitives.ReadInt32LittleEndian(block[12..]);
            return BinaryPrimitives.ReadInt32LittleEndian(block[4..]);
        }
    }

    public void Dispose()
    {
        if (_descriptor >= 0) _ = LibC.Close(_descriptor);
        _descriptor = -1;
    }

    private static int Load(ReadOnlySpan<byte> instructions, Span<byte> log)
    {
        Span<byte> block = stackalloc byte[BpfCall.BlockBytes];
        block.Clear();
        // The helpers that the program calls ask for no licence; the kernel wants a text.
        fixed (byte* code = instructions, text = log, terms = "Proprietary\0"u8)
        {
            BinaryPrimitives.WriteInt32LittleEndian(block, TypeTraffic);
            BinaryPrimitives.WriteInt32LittleEndian(block[4..], instructions.Length / InstructionBytes);
            BinaryPrimitives.WriteInt64LittleEndian(block[8..], (nint)code);
            BinaryPrimitives.WriteInt64LittleEndian(block[16..], (nint)terms);
            BinaryPrimitives.WriteInt32LittleEndian(block[24..], log.IsEmpty ? 0 : 1);
            BinaryPrimitives.WriteInt32LittleEndian(block[28..], log.Length);
            BinaryPrimitives.WriteInt64LittleEndian(block[32..], (nint)text);
            return BpfCall.Run(BpfCall.ProgramLoad, block);
        }
    }

    // The reason stands at the end of the log.
    private static string TailOf(ReadOnlySpan<byte> log)
    {
        var end = log.IndexOf((byte)0);
        var text = log[..Math.Max(0, end)].TrimEnd((byte)'\n');
        var tail = text[Math.Max(0, text.Length - 300)..];
        return string.Create(tail.Length, tail, (chars, from) =>
        {
            for (var i = 0; i < chars.Length; i++) chars[i] = from[i] == '\n' ? '|' : (char)from[i];
        });
    }
}
