using System.Buffers.Binary;
using CallTracker.Core.Linux;
using CallTracker.Sip.Parsing;

namespace CallTracker.Node.Workers;

/// <summary>
/// The program by which the kernel gives a datagram to the worker whose call it belongs to: by the worker's number in
/// the first branch of a response, or in the user part of the request URI, which is our Contact. What it does not
/// find (a new call, a peer that puts another header first) goes where the kernel's hash says, and that worker hands
/// it over: the program saves work, nothing depends on it.
/// </summary>
internal static class SipSteering
{
    // "SIP/2.0 200 OK", Via, the longest sent-by that is worth the search.
    private const int ResponseWindow = 220;
    private const int ResponseFirst = 16;
    // "ACK sip:" to "SUBSCRIBE sip:"
    private const int RequestFirst = 6;
    private const int RequestLast = 12;
    private const int StepsOfOffset = 4;
    private const uint NoSocket = uint.MaxValue;

    /// <summary>The program; the same for all addresses and worker counts.</summary>
    public static BpfInstruction[] Program { get; } = Build(NoSocket);

    /// <summary>The same while the first worker is asked first: what is not found goes to it.</summary>
    public static BpfInstruction[] ToFirst { get; } = Build(0);

    private static BpfInstruction[] Build(uint notFound)
    {
        var program = new List<BpfInstruction>
        {
            // A load past the end would end the program with worker 0.
            BpfInstruction.LoadLength(),
            BpfInstruction.IfAtLeast(ResponseWindow + 16, 1, 0),
            BpfInstruction.Return(notFound),
            BpfInstruction.LoadWord(0),
        };
        const int RequestSteps = (RequestLast - RequestFirst + 1) * StepsOfOffset;
        const int ResponseSteps = (ResponseWindow - ResponseFirst + 1) * StepsOfOffset;
        program.Add(BpfInstruction.IfEqual(Word("SIP/"u8), RequestSteps + 1, 0));
        Search(program, Word("p:ct"u8), RequestFirst, RequestLast, 4, after: ResponseSteps + 2);
        program.Add(BpfInstruction.Return(notFound));
        Search(program, Word(SipViaView.MagicCookie), ResponseFirst, ResponseWindow, 7, after: 1);
        program.Add(BpfInstruction.Return(notFound));
        ReadWorker(program);
        return [.. program];
    }

    // At each offset: the word; when it is the one, X = where the two digits are, and on to reading them.
    private static void Search(
        List<BpfInstruction> program, uint word, int first, int last, int digitsAfter, int after)
    {
        for (var offset = first; offset <= last; offset++)
        {
            program.Add(BpfInstruction.LoadWord(offset));
            program.Add(BpfInstruction.IfEqual(word, 0, 2));
            program.Add(BpfInstruction.SetX(offset + digitsAfter));
            program.Add(BpfInstruction.Jump(((last - offset) * StepsOfOffset) + after));
        }
    }

    // 2HEXDIG, in lower case as we write them; anything else gives a number that no socket has, or the wrong worker.
    private static void ReadWorker(List<BpfInstruction> program)
    {
        ReadDigit(program, 0);
        program.Add(BpfInstruction.ShiftLeft(4));
        program.Add(BpfInstruction.Store());
        ReadDigit(program, 1);
        program.Add(BpfInstruction.LoadXFromCell());
        program.Add(BpfInstruction.AddX());
        program.Add(BpfInstruction.ReturnA());
    }

    private static void ReadDigit(List<BpfInstruction> program, int offset)
    {
        program.Add(BpfInstruction.LoadByteAtX(offset));
        program.Add(BpfInstruction.IfAtLeast('a', 0, 2));
        program.Add(BpfInstruction.Subtract('a' - 10));
        program.Add(BpfInstruction.Jump(1));
        program.Add(BpfInstruction.Subtract('0'));
    }

    private static uint Word(ReadOnlySpan<byte> text) => BinaryPrimitives.ReadUInt32BigEndian(text);
}
