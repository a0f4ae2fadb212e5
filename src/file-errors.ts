/** System errors of files and folders in words (errno(3)). */
export const FILE_ERRORS: Record<string, string> = {
  EACCES: 'may not be read or written by the user that runs the server',
  EPERM: 'may not be read or written by the user that runs the server',
  EROFS: 'lies on a disk that takes no writes',
  ENOSPC: 'lies on a disk that has no room left',
  EDQUOT: 'lies on a disk on which the user that runs the server has no room left',
  EIO: 'lies on a disk that does not work as it should',
  ENOENT: 'is not there',
  ENOTDIR: 'is not a folder, or lies in something that is none',
  EEXIST: 'is not a folder',
  EISDIR: 'is a folder, where a file is expected',
  ELOOP: 'is a link that leads to itself',
  ENAMETOOLONG: 'has a name that is too long for its disk',
}
