namespace CallTracker.Sip.Parsing;

/// <summary>What the parser reads out of the mandatory headers of a message.</summary>
internal struct SipFields
{
    public uint CSeqNumber;
    public SipMethod CSeqMethod;
    public SipRange CSeqMethodText;
    public SipRange FromTag;
    public SipRange ToTag;
    public SipRange Body;
    public int MaxForwards;
    public SipViaParts Via;
    public bool IsFromReadable;
    public bool IsToReadable;
}
