// Stands where the protocol buffers library looks for 64-bit integers. Without them it reads plain numbers, which are exact up to
// 2^53: the times of the call's signalling in milliseconds fit.
export default null;
