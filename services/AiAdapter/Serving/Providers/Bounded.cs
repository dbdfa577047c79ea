namespace ApiSvc.AiAdapter.Serving.Providers;

/// <summary>Reads bodies that may be longer than is good.</summary>
internal static class Bounded
{
    /// <summary>All of it; null if it is longer than the most.</summary>
    public static async Task<byte[]?> ReadAsync(
        Stream body,
        int most,
        CancellationToken cancellationToken
    )
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (bytes.Length + read > most)
            {
                return null;
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }
}
