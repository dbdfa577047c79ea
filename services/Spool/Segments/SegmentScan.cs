namespace ApiSvc.Spool.Segments;

/// <summary>Finds where the records of a segment end that a process left.</summary>
internal static class SegmentScan
{
    /// <summary>
    /// Cuts off what a killed process had begun. Records behind a broken one are kept: the reader finds them.
    /// </summary>
    public static void CutTorn(Segment segment)
    {
        var bytes = new byte[segment.End];
        var read = bytes.AsSpan(0, segment.Read(bytes, 0));
        var offset = SegmentHeader.Length;
        var end = offset;
        var sequence = segment.FirstSequence;
        while (offset < read.Length)
        {
            if (Frame.TryRead(read[offset..], out var frame) == FrameStatus.Whole)
            {
                sequence = frame.Sequence + 1;
                offset += frame.Size;
                end = offset;
            }
            else if (Frame.TryFind(read[offset..], sequence, out var next))
            {
                offset += next;
            }
            else
            {
                break;
            }
        }

        segment.CutAt(end, sequence);
    }
}
