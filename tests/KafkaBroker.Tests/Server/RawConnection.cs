using System.Buffers.Binary;
using System.Net.Sockets;

namespace ApiSvc.BrokerTests.Server;

/// <summary>Frames written and read by hand.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new();

    public NetworkStream Stream => _client.GetStream();

    public static async Task<RawConnection> OpenAsync(string address)
    {
        var connection = new RawConnection();
        connection._client.ReceiveBufferSize = 32 * 1024;
        var endpoint = System.Net.IPEndPoint.Parse(address);
        await connection._client.ConnectAsync(endpoint);
        return connection;
    }

    public async Task SendAsync(short key, short version, int correlation, params byte[] body)
    {
        var frame = new byte[14 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(4), key);
        BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(6), version);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(8), correlation);
        BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(12), -1);
        body.CopyTo(frame, 14);
        await Stream.WriteAsync(frame);
    }

    /// <returns>The answer behind its size; null when the broker has closed.</returns>
    public async Task<byte[]?> ReadAsync()
    {
        var size = new byte[4];
        try
        {
            if (await Stream.ReadAtLeastAsync(size, 4, throwOnEndOfStream: false) < 4)
            {
                return null;
            }
        }
        catch (IOException)
        {
            return null;
        }

        var answer = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        await Stream.ReadExactlyAsync(answer);
        return answer;
    }

    public void Dispose() => _client.Dispose();
}
