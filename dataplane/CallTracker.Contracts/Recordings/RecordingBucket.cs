using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace CallTracker.Contracts.Recordings;

/// <summary>
/// Finished recordings in an S3-compatible store: the one class that knows the AWS package. Files go there as they are,
/// sealed; their keys stay here. Whatever goes wrong is a <see cref="RecordingBucketException"/>. Any thread.
/// </summary>
public sealed class RecordingBucket : IDisposable
{
    /// <summary>The largest object that is taken or given: what one PUT may have.</summary>
    public const long LengthMax = 5L << 30;
    private const int FolderLength = 5;
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(10);
    private readonly RecordingBucketOptions _options;
    private readonly AmazonS3Client _client;

    public RecordingBucket(RecordingBucketOptions options)
    {
        _options = options;
        _client = new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), new AmazonS3Config
        {
            ServiceURL = options.Address.ToString(),
            AuthenticationRegion = options.Region,
            // Stores of other makers know neither a host name for each bucket nor checksums in trailers.
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            // Who calls has a patience of its own.
            MaxErrorRetry = 1,
            Timeout = s_timeout,
            ConnectTimeout = s_connectTimeout,
        });
    }

    /// <summary>The name of a recording's object.</summary>
    public string KeyOf(string trnId) => $"{_options.Prefix}{trnId[..FolderLength]}/{trnId}.ctr";

    /// <summary>Stores a file of at most <see cref="LengthMax"/> and sees to it that it is there, whole.</summary>
    /// <exception cref="RecordingBucketException">It is not, as far as can be known.</exception>
    public Task StoreAsync(string trnId, FileStream file, CancellationToken ct) => GuardAsync(async () =>
    {
        var hash = await HashAsync(file, ct);
        await _client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = _options.Bucket,
                Key = KeyOf(trnId),
                InputStream = file,
                AutoCloseStream = false,
                AutoResetStreamPosition = true,
                UseChunkEncoding = false,
                ContentType = "application/octet-stream",
                MD5Digest = Convert.ToBase64String(hash),
            },
            ct);
        var kept = await _client.GetObjectMetadataAsync(_options.Bucket, KeyOf(trnId), ct);
        if (kept.ContentLength != file.Length || !HasHash(kept, hash))
            throw new RecordingBucketException("The store does not have what it was sent.");
        return true;
    }, ct);

    /// <summary>
    /// Fetches a recording into a file that goes when it is closed; null when the store has none.
    /// </summary>
    /// <param name="trnId">Whose.</param>
    /// <param name="folder">Where it lies meanwhile; made when missing.</param>
    /// <param name="ct">Nobody wants it any more.</param>
    public Task<FileStream?> FetchAsync(string trnId, string folder, CancellationToken ct) => GuardAsync(async () =>
    {
        try
        {
            using var answer = await _client.GetObjectAsync(_options.Bucket, KeyOf(trnId), ct);
            return await SaveAsync(answer, folder, ct);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
    }, ct);

    /// <summary>Deletes a recording; one that is not there is no fault.</summary>
    public Task DeleteAsync(string trnId, CancellationToken ct) => GuardAsync(async () =>
    {
        await _client.DeleteObjectAsync(_options.Bucket, KeyOf(trnId), ct);
        return true;
    }, ct);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static async Task<FileStream?> SaveAsync(GetObjectResponse answer, string folder, CancellationToken ct)
    {
        if (answer.ContentLength > LengthMax) throw new RecordingBucketException("The object is too large.");
        Directory.CreateDirectory(folder);
        var file = new FileStream(Path.Combine(folder, Path.GetRandomFileName()), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        try
        {
            await answer.ResponseStream.CopyToAsync(file, ct);
            if (file.Length != answer.ContentLength) throw new RecordingBucketException("The object was cut off.");
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

#pragma warning disable CA5351 // Content-MD5 and ETag are what S3 compares with; the file has a hash of its own.
    private static async Task<byte[]> HashAsync(FileStream file, CancellationToken ct)
    {
        file.Position = 0;
        var hash = await MD5.HashDataAsync(file, ct);
        file.Position = 0;
        return hash;
    }
#pragma warning restore CA5351

    // With a key of AWS's key service the ETag is no MD5; then the store compared the Content-MD5, and we the size.
    private static bool HasHash(GetObjectMetadataResponse kept, byte[] hash) =>
        kept.ServerSideEncryptionMethod == ServerSideEncryptionMethod.AWSKMS
        || string.Equals(kept.ETag?.Trim('"'), Convert.ToHexString(hash), StringComparison.OrdinalIgnoreCase);

    // The package's messages may name the access key: only codes go on.
    private static async Task<T> GuardAsync<T>(Func<Task<T>> act, CancellationToken ct)
    {
        try
        {
            return await act();
        }
        catch (AmazonServiceException e)
        {
            throw new RecordingBucketException($"The store refuses: {e.ErrorCode} ({(int)e.StatusCode}).", e);
        }
        catch (Exception e) when (IsFault(e) && !ct.IsCancellationRequested)
        {
            throw new RecordingBucketException($"The store does not answer ({e.GetType().Name}).", e);
        }
    }

    private static bool IsFault(Exception e) => e is AmazonClientException or HttpRequestException
        or OperationCanceledException or (IOException and not RecordingBucketException);
}
